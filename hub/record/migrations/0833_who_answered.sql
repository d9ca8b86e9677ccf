-- The drafting unit that answered a comment; empty: legislative affairs.
alter table legislation.comment add column answerer text collate "C" not null default '';
