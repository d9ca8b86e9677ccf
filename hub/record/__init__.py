"""Durable truth: the journal, jobs and timers, the audit log, and the PostgreSQL they stand in."""

from hub.record.audit import Audit, AuditLine
from hub.record.bell import Bell
from hub.record.database import Connection, Database, UniqueViolation
from hub.record.entries import (
    Append,
    Appended,
    Claimed,
    DifferentBody,
    Entry,
    LogCorrupt,
    NewEvent,
    Row,
    VersionConflict,
)
from hub.record.jobs import Job, Jobs
from hub.record.journal import Journal
from hub.record.migrate import run_migrations
from hub.record.postgres import PostgresServer
from hub.record.sql import load_sql

__all__ = [
    "Append", "Appended", "Audit", "AuditLine", "Bell", "Claimed", "Connection", "Database", "DifferentBody",
    "Entry", "Job", "Jobs", "Journal", "LogCorrupt", "NewEvent", "PostgresServer", "Row", "UniqueViolation",
    "VersionConflict", "load_sql", "run_migrations",
]
