"""python -m bench.served MODULE …: a web server of the tools, with the product around it.

The tools are looked for last, so that the product's packages are those of production.
"""

import runpy
import sys


def main() -> None:
    folder, module, *arguments = sys.argv[1:]
    sys.path.append(folder)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
