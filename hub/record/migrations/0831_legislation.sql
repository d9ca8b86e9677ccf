-- Templates, documents and what is counted of comments; all of it is made from the journal.
create schema if not exists legislation;

create table legislation.template(
  code  text collate "C" primary key,
  name  text not null,
  kind  text collate "C" not null,
  nodes jsonb not null);

create table legislation.document(
  id          uuid primary key,
  shelf       text collate "C" not null,
  title       text not null,
  grouped     text not null,
  issued_by   text not null,
  issued_on   date,
  valid_from  date,
  valid_until date,
  text        text not null,
  files       uuid[] not null,
  at          timestamptz not null);
create index on legislation.document(shelf, at desc);

create table legislation.comment(
  id      uuid primary key,
  project uuid not null,
  article text not null,
  verdict text collate "C" not null);
create index on legislation.comment(project, article);
