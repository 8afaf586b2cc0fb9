"""What the program does, as verbs: each takes the ports it needs and plain values, and returns frozen values.

Free of Qt and safe to run on a lane's thread. Known trouble is raised as an `AppError`; a result means that it is done
and, where something was stored, that it is on the disk.
"""
