-- Duties that the hub counted by itself are found by the case they come from.
delete from search.document d using cases.item i
 where d.kind = 'case' and d.id = i.id and i.stream = 'duty_records' and convert_from(i.body, 'UTF8')::jsonb #>> '{facts,origin}' <> '';
