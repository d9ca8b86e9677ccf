import type { Same } from '../page/language'
import type zh from './zh-CN'

const en: Same<typeof zh> = {
  title: 'Search',
  find: 'Search all cases, laws and papers that you may see',
  go: 'Search',
  hint: 'Type 1 to 60 letters. Words parted by blanks are looked for together first, then each by itself.',
  keys: 'Press ↓ ↑ to move between results and Enter to open one.',
  every: 'All',
  documents: 'Laws and papers',
  latest: 'Newest laws and news',
  found: '{n} found',
  more_hits: 'and in {n} more places',
  none: '“{text}” was not found',
  none_hint: 'Try other or fewer words, or another kind.',
  names: 'Organisations and people',
  all: 'See all results',
  page: 'Page {n} of {of}',
  before: 'Back',
  after: 'Next',
  kept: 'Searched lately',
  document: {
    gone: 'There is no such document, or you may not see it',
    by: 'Issued by {name}',
    valid: 'In force from {from}',
    until: 'until {until}',
    open: 'Whole text',
    fold: 'Fold up',
  },
}
export default en
