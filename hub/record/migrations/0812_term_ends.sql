-- The term that a change of term ended: the one before the first that was entered has no line of its own.
alter table proposals.term add column ends text collate "C" not null default '';
