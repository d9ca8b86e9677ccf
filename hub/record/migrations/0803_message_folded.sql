-- What was said is folded as everything else that is searched (hub/search/text.py); `folded` stands only where it differs. What was
-- said before this is folded as far as a database can.
alter table talk.message add column folded text;
update talk.message set folded = lower(text) where lower(text) <> text;

drop index talk.message_pairs;
create index message_pairs on talk.message using gin (search.pairs(coalesce(folded, text)));
