-- name: template_there
select true from legislation.template where code = $1
-- name: templates
select code as id, name, kind, nodes from legislation.template order by kind, name
-- name: save_template
insert into legislation.template(code, name, kind, nodes) values($1, $2, $3, $4)
on conflict(code) do update set name = excluded.name, kind = excluded.kind, nodes = excluded.nodes
-- name: remove_template
delete from legislation.template where code = $1
-- name: document_there
select true from legislation.document where id = $1
-- name: save_document
insert into legislation.document(id, shelf, title, grouped, issued_by, issued_on, valid_from, valid_until, text, files, at)
values($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict(id) do update set shelf = excluded.shelf, title = excluded.title, grouped = excluded.grouped, issued_by = excluded.issued_by,
  issued_on = excluded.issued_on, valid_from = excluded.valid_from, valid_until = excluded.valid_until, text = excluded.text,
  files = excluded.files, at = excluded.at
-- name: remove_document
delete from legislation.document where id = $1
-- name: documents
select id, shelf, title, grouped as "group", issued_by, issued_on, valid_from, valid_until, files, at, count(*) over() as total
from legislation.document
where ($1::text is null or shelf = $1) and ($2 = '' or grouped = $2)
  and ($3 = '' or strpos(lower(title), lower($3)) > 0 or strpos(lower(text), lower($3)) > 0)
  and ($4::date is null or ((valid_from is null or valid_from <= $4) and (valid_until is null or valid_until > $4)))
  and ($7::text[] is null or shelf = any($7))
order by coalesce(issued_on, at::date) desc, at desc limit $5 offset $6
-- name: document
select id, shelf, title, grouped as "group", issued_by, issued_on, valid_from, valid_until, files, at, text from legislation.document where id = $1
-- name: save_comment
insert into legislation.comment(id, project, article, verdict) values($1, $2, $3, $4)
on conflict(id) do update set verdict = excluded.verdict
-- name: comments_open
select count(*) from legislation.comment where project = $1 and verdict = ''
-- name: articles
select article, count(*) as comments, count(*) filter(where verdict = 'adopted') as adopted, count(*) filter(where verdict = 'partly') as partly,
  count(*) filter(where verdict = 'not') as refused, count(*) filter(where verdict = '') as open
from legislation.comment where project = $1 group by article order by comments desc, article
-- name: board
select i.id, i.number, i.title, i.kind, i.year, i.state, i.units, i.body,
  (select count(*) from legislation.comment c where c.project = i.id) as comments,
  (select count(*) from legislation.comment c where c.project = i.id and c.verdict = '') as comments_open
from cases.item i
where i.stream = 'legislation' and ($1::int is null or i.year = $1) and ($2::uuid[] is null or i.id = any($2))
order by i.terminal, i.due nulls last, i.opened desc limit 500
