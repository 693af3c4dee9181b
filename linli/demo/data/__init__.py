"""Public facts about the demo city, and the script that gathered them. Licences are in NOTICE.md beside this file."""
