-- Whether a record counts while it is disputed: as it did before. `hub rebuild` finds out for those disputed already.
alter table duties.item add column counts boolean not null default false;
update duties.item set counts = state in ('counted', 'frozen');
