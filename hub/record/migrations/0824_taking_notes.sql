-- What a clerk found about a sign-in.
alter table duties.taking add column note text not null default '';
