"""The stored and synced records, their merge, and the timetable and calendar computed from them."""
