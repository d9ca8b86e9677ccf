-- The position in the journal that changed a call last: also where another call's event did (hold elsewhere).
alter table media.call add column place bigint not null default 0;
