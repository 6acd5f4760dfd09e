"""The command of every container: `python3 -I boot.py app [services…] | grader | postgres | redis | probe | visible`.

It imports what the role needs, says `ready` on standard output and waits on standard input. End of input is the end.
"""

import gc
import os
import sys


def main() -> None:
    """Put our code and the image's packages on the path, then become the role named by the argument."""
    here = os.path.dirname(os.path.abspath(__file__))
    lib = os.path.dirname(os.path.dirname(here))
    sys.path[:0] = [lib, os.path.join(os.path.dirname(lib), "site")]
    role = sys.argv[1]
    # Imports make few cycles, and looking for them again and again takes a fifth of the start; each role turns it on.
    gc.disable()
    if role == "app":
        from runner.inside import app_main

        app_main.run(sys.argv[2:])
    elif role == "postgres":
        from runner.inside import database_host

        database_host.run()
    elif role == "redis":
        from runner.inside import redis_host

        redis_host.run()
    elif role == "probe":
        from runner.inside import walls

        walls.run()
    elif role == "visible":
        from runner.inside import visible_host

        visible_host.run()
    else:
        from runner.inside import grader_host

        grader_host.run()


if __name__ == "__main__":
    main()
