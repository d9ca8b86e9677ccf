-- Links that open a page (a round, a call) go the way of renewed links; `page` says which.
alter table dispatch.renewal add column page text collate "C" not null default '';
create index renewal_page on dispatch.renewal(page) where page <> '';
