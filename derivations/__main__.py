"""`python -m derivations` is the command `derivations`."""

from .command.main import main

if __name__ == "__main__":
    main()
