create schema files;
-- The bytes stand on disk under the id; `variants` names other forms of the same content.
create table files.file(
  id       uuid primary key,
  name     text not null,
  mime     text not null,
  size     bigint not null,
  sha256   bytea not null,
  seconds  float8,
  purpose  text not null,
  variants jsonb not null default '{}',
  by_id    text not null,
  at       timestamptz not null);
