"""Durable truth: the journal, jobs and timers, the audit log, and the PostgreSQL they stand in."""

from hub.record.audit import Audit, AuditLine
from hub.record.bell import Bell
from hub.record.database import AWAY, Connection, Database, UniqueViolation
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
from hub.record.jobs import DeadJob, Errand, Job, Jobs
from hub.record.journal import Journal
from hub.record.leader import Leadership
from hub.record.migrate import run_migrations
from hub.record.past import PastEvent, tell_past
from hub.record.postgres import PostgresServer
from hub.record.projector import Projector
from hub.record.sql import load_sql

__all__ = [
    "AWAY", "Append", "Appended", "Audit", "AuditLine", "Bell", "Claimed", "Connection", "Database", "DeadJob",
    "DifferentBody", "Entry", "Errand", "Job", "Jobs", "Journal", "Leadership", "LogCorrupt", "NewEvent", "PastEvent", "PostgresServer",
    "Projector", "Row", "UniqueViolation",
    "VersionConflict", "load_sql", "run_migrations", "tell_past",
]
