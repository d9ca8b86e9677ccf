import type { Same } from '../page/language'
import type zh from './zh-CN'

export default {
  title: 'Sign in',
  subtitle: 'Liaison stations · broadcasts and receipts',
  login: 'Login',
  password: 'Password',
  enter: 'Sign in',
  code_title: 'Enter your one-time code',
  code_hint:
    'Open the authenticator on your phone and type the 6 digits under "Liaison Hub". The code changes every 30 seconds.',
  code: '6-digit code',
  verify: 'Verify and sign in',
  other_account: 'Use another account',
  empty: 'Enter your login and password.',
  again:
    'You have signed out or your session has ended; sign in again. Unsent drafts are still on this computer.',
  owed_title: 'One more step',
  owed_password: 'This is a first password: set your own now',
  owed_totp: 'Your role needs a one-time code: bind your phone now',
  old_password: 'Present password',
  new_password: 'New password',
  repeat_password: 'New password again',
  differ: 'The two new passwords differ; type them again.',
  rule: 'At least 10 characters, without the login, none of the common ones.',
  set_password: 'Set password',
  password_set: 'The password is changed; other devices are signed out.',
  totp_scan: 'Scan the code with an authenticator, then type the 6 digits it shows.',
  totp_secret: 'Where scanning is impossible, type this secret:',
  totp_begin: 'Show the code',
  totp_confirm: 'Bind',
  totp_done: 'The one-time code is bound.',
} satisfies Same<typeof zh>
