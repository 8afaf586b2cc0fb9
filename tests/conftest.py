"""What all tests share: real services, and a window that needs no screen unless a test starts one."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["tests.services.fixtures"]
