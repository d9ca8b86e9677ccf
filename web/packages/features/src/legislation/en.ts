import type zh from './zh-CN'

const en: typeof zh = {
  board: {
    link: 'Progress board',
    title: 'Progress of legislation',
    none: 'No projects yet',
    none_hint: 'Projects entered under legislation appear here with their nodes.',
    comments: '{n} comments, {open} unanswered',
    planned: 'planned {day}',
    done: 'done {day}',
    light: {
      done: 'done',
      green: 'on plan',
      soon: 'due soon',
      overdue: 'overdue',
      open: 'not planned',
    },
  },
  law: {
    editions: 'Texts side by side',
    edition: 'Text {n} · {of} · {on}',
    none: 'No text yet',
    old: 'Old',
    new: 'New',
    compare: 'Compare by article',
    change: {
      same: 'same',
      changed: 'changed',
      added: 'added',
      removed: 'removed',
      split: 'split',
      merged: 'merged',
    },
    moved: 'moved',
    renumbered: 'renumbered',
    comments: 'Comments by article',
    whole: 'the whole',
    no_comments: 'No comments yet',
    verdicts: '{adopted} adopted · {partly} partly · {refused} not · {open} open',
  },
}
export default en
