"""From syntax trees and a context to claims: shapes, indices, products, derivatives, definitions."""
