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
  and ($7::text[] is null or shelf = any($7)) and ($8::timestamptz is null or at >= $8)
order by coalesce(issued_on, at::date) desc, at desc limit $5 offset $6
-- name: document
select id, shelf, title, grouped as "group", issued_by, issued_on, valid_from, valid_until, files, at, text from legislation.document where id = $1
-- name: save_comment
insert into legislation.comment(id, project, article, verdict, edition, came, name, text, reason, hidden, at, answered, answerer)
values($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict(id) do update set verdict = excluded.verdict, reason = excluded.reason, hidden = excluded.hidden, answered = excluded.answered,
  answerer = excluded.answerer
-- name: comments_open
select count(*) from legislation.comment where project = $1 and verdict = ''
-- name: articles
-- An article of another edition is another one, also where it has the same number.
select edition || '/' || article as id, edition, article, count(*) as comments, count(*) filter(where verdict = 'adopted') as adopted, count(*) filter(where verdict = 'partly') as partly,
  count(*) filter(where verdict = 'not') as refused, count(*) filter(where verdict = 'aside') as aside,
  count(*) filter(where verdict = '') as open
from legislation.comment where project = $1 group by edition, article order by edition desc, comments desc, article
-- name: draft_comments
-- $1 project, $2 article (null: all), $3 verdict (null: all), $4 limit, $5 offset, $6 edition (null: all)
select c.id, i.number, c.article, c.came, c.name, c.text, c.verdict, c.reason, c.hidden, c.edition, c.at, c.answered, c.answerer, count(*) over()::int as total
from legislation.comment c join cases.item i on i.id = c.id
where c.project = $1 and ($2::text is null or c.article = $2) and ($3::text is null or c.verdict = $3) and ($6::int is null or c.edition = $6)
order by c.at, c.id limit $4 offset $5
-- name: answered_comments
-- $1 project, $2 edition, $3 article (null: all), $4 limit, $5 offset
select i.number, c.article, c.came, c.text, c.verdict, c.reason, c.hidden, c.at, c.answered, count(*) over()::int as total
from legislation.comment c join cases.item i on i.id = c.id
where c.project = $1 and c.edition in (0, $2) and ($3::text is null or c.article = $3) and c.verdict in ('adopted', 'partly', 'not')
order by c.answered desc, c.id limit $4 offset $5
-- name: own_comments
select c.id, i.number, c.project, p.title as draft, c.article, c.text, c.verdict, c.reason, c.at, c.answered
from legislation.comment c join cases.item i on i.id = c.id join cases.item p on p.id = c.project
where c.id = any($1::uuid[]) and c.came = 'public' order by c.at desc
-- name: comment_totals
select project, count(*)::int as comments, count(*) filter(where verdict = 'adopted')::int as adopted,
  count(*) filter(where verdict = 'partly')::int as partly, count(*) filter(where verdict = 'not')::int as refused
from legislation.comment where project = any($1::uuid[]) and verdict <> 'aside' group by project
-- name: said_of_articles
select article, count(*)::int as comments from legislation.comment
where project = $1 and edition in (0, $2) and verdict <> 'aside' group by article
-- name: call_there
select true from legislation.call where id = $1
-- name: save_call
insert into legislation.call(id, title, text, begins, ends) values($1, $2, $3, $4, $5)
on conflict(id) do update set title = excluded.title, text = excluded.text, begins = excluded.begins, ends = excluded.ends
-- name: remove_call
delete from legislation.call where id = $1
-- name: calls
select c.id, c.title, c.text, c.begins, c.ends, count(i.id)::int as ideas, count(i.id) filter(where i.state = 'received')::int as "left",
  count(i.id) filter(where i.state = 'adopted')::int as taken
from legislation.call c left join (
    select id, state, convert_from(body, 'UTF8')::jsonb -> 'facts' ->> 'batch' as batch from cases.item where stream = 'law_ideas') i on i.batch = c.title
group by c.id order by c.ends desc, c.id
-- name: open_calls
select id, title, text, begins, ends from legislation.call where $1::date between begins and ends order by ends, id
-- name: owe
insert into legislation.owed(project, clock, due, since) values($1, $2, $3, $4) on conflict do nothing
-- name: owed_is_answered
update legislation.owed set answered = $3, by_id = $4, text = $5 where project = $1 and clock = $2 and answered is null
-- name: owed
select o.clock, o.due, o.since, o.answered, o.by_id, o.text, i.number, i.units, i.body
from legislation.owed o join cases.item i on i.id = o.project order by o.since
-- name: projects
-- $1: only what everybody may see
select id, number, state, units, opened, body from cases.item where stream = 'legislation' and (open or not $1) order by opened limit 5000
-- name: open_project
select id, number, state, units, opened, body from cases.item where id = $1 and stream = 'legislation' and open
-- name: numbers
select id, number from cases.item where id = any($1::uuid[]) and open and stream = 'proposals'
-- name: shelf_files
select f.id, f.name, f.mime, f.size from files.file f where f.id = any($1::uuid[])
-- name: keep_file
-- So that nobody sweeps it away; who may read it is asked of its shelf.
insert into cases.file values ($1, $2, $3, $4, $5) on conflict do nothing
-- name: shelf_of_file
select shelf from legislation.document where $1 = any(files)
-- name: board
select i.id, i.number, i.title, i.kind, i.year, i.state, i.units, i.body,
  (select count(*) from legislation.comment c where c.project = i.id) as comments,
  (select count(*) from legislation.comment c where c.project = i.id and c.verdict = '') as comments_open
from cases.item i
where i.stream = 'legislation' and ($1::int is null or $1 = coalesce(nullif((convert_from(i.body, 'UTF8')::jsonb -> 'facts' ->> 'year')::int, 0), i.year))
  and ($2::uuid[] is null or i.id = any($2))
order by i.terminal, i.due nulls last, i.opened desc limit 500
