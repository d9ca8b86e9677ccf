-- Who is kept waiting in a call that the others hold, and hears music.
alter table media.call_member add column waits bool not null default false;
