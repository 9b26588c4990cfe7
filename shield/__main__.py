"""`python -m shield` is the `shield` command."""

from shield.project.commandline import main

if __name__ == "__main__":
    main()
