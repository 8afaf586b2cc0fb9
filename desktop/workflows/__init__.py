"""The program's use cases, as functions that take the store or other ports and plain values, and return frozen values.

Free of Qt and safe to run on a lane's thread. Expected errors are raised as an `AppError`. When a function returns, its
work is done and everything that it stored is on the disk.
"""
