-- Comments as they are read side by side, those of citizens among them; calls for projects; explanations that were owed.
alter table legislation.comment
  add column edition  int not null default 0,            -- which text it speaks of; 0: of before that was kept
  add column came     text collate "C" not null default '',
  add column name     text not null default '',
  add column text     text not null default '',
  add column reason   text not null default '',
  add column hidden   bool not null default false,       -- the answer is public, the words are not
  add column at       timestamptz not null default 'epoch',
  add column answered timestamptz;
create index on legislation.comment(project, at desc);

update legislation.comment c
   set came = i.kind, at = i.opened, answered = case when i.terminal then i.since end,
       name = coalesce(i.facts ->> 'name', ''), text = coalesce(i.facts ->> 'text', ''), reason = coalesce(i.facts ->> 'reason', '')
  from (select id, kind, opened, since, terminal, convert_from(body, 'UTF8')::jsonb -> 'facts' as facts
          from cases.item where stream = 'law_comments') i
 where i.id = c.id;

create table legislation.call(
  id     uuid primary key,
  title  text not null,
  text   text not null,
  begins date not null,
  ends   date not null);

-- An explanation for a missed deadline: since when it is owed, and what was answered.
create table legislation.owed(
  project  uuid not null,
  clock    text collate "C" not null,
  due      date not null,
  since    timestamptz not null,
  answered timestamptz,
  by_id    text not null default '',
  text     text not null default '',
  primary key(project, clock, due));
