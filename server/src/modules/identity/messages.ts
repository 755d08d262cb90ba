/** What identity writes to people, in the language of their request. */

import type { Message } from '#platform/mail/index.ts'
import { asHtml, asText, type Letter } from '#platform/mail/layout.ts'

const languages = ['en', 'de', 'ar', 'id'] as const
export type MailLanguage = (typeof languages)[number]

/** What a message is about; those with a code carry one. */
export type Topic =
  | 'register'
  | 'already_registered'
  | 'reset_password'
  | 'change_email'
  | 'confirm'
  | 'password_changed'
  | 'email_changed'

interface Text {
  subject: string
  lines: string[]
}

/** The first language of `Accept-Language`, by weight and then by order, that we write; English without one. */
export const mailLanguage = (accepted: string): MailLanguage => {
  const wishes = accepted.split(',').map((wish) => {
    const [tag = '', ...parameters] = wish.trim().toLowerCase().split(';')
    const weight = parameters.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find((each) => each !== undefined)
    return { language: tag.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) }
  })
  const byWeight = wishes.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight)
  for (const { language } of byWeight) {
    const known = languages.find((each) => each === language)
    if (known) return known
  }
  return 'en'
}

/** A message about an account to an address. */
export const writeMessage = (
  topic: Topic,
  { to, language, code }: { to: string; language: MailLanguage; code?: string },
): Message => {
  const { subject, lines } = texts[language][topic]
  const letter: Letter = { language, direction: language === 'ar' ? 'rtl' : 'ltr', lines, code }
  return { to, subject, text: asText(letter), html: asHtml(letter) }
}

const ignoreEn = 'If this was not you, you can ignore this message.'
const ignoreDe = 'Wenn du das nicht warst, kannst du diese Nachricht ignorieren.'
const ignoreAr = 'إن لم تطلب ذلك فيمكنك تجاهل هذه الرسالة.'
const ignoreId = 'Jika ini bukan Anda, abaikan saja pesan ini.'

const texts: Record<MailLanguage, Record<Topic, Text>> = {
  en: {
    register: {
      subject: 'Your Lyceum code',
      lines: ['Enter this code to make your account. It is good for 10 minutes.', ignoreEn],
    },
    already_registered: {
      subject: 'You have a Lyceum account',
      lines: [
        'Somebody asked for a code for this address, but it has an account already.',
        'Sign in with it. If you have forgotten your password, choose “Forgot password”.',
        ignoreEn,
      ],
    },
    reset_password: {
      subject: 'Your code for a new password',
      lines: ['Enter this code to set a new password. It is good for 10 minutes.', ignoreEn],
    },
    change_email: {
      subject: 'Your code for the new address',
      lines: ['Enter this code to use this address for your account. It is good for 10 minutes.', ignoreEn],
    },
    confirm: {
      subject: 'Your code to confirm',
      lines: ['Enter this code to confirm that it is you. It is good for 10 minutes.', ignoreEn],
    },
    password_changed: {
      subject: 'Your password was changed',
      lines: [
        'The password of your account was changed, and all other devices were signed out.',
        'If this was not you, set a new password at once with “Forgot password”, and tell your admin.',
      ],
    },
    email_changed: {
      subject: 'Your address was changed',
      lines: ['Your account uses another e-mail address from now on.', 'If this was not you, tell your admin at once.'],
    },
  },
  de: {
    register: {
      subject: 'Dein Code für Lyceum',
      lines: ['Gib diesen Code ein, um dein Konto anzulegen. Er gilt 10 Minuten.', ignoreDe],
    },
    already_registered: {
      subject: 'Du hast ein Konto bei Lyceum',
      lines: [
        'Für diese Adresse wurde ein Code angefordert, aber sie hat schon ein Konto.',
        'Melde dich damit an. Wenn du dein Passwort vergessen hast, wähle „Passwort vergessen“.',
        ignoreDe,
      ],
    },
    reset_password: {
      subject: 'Dein Code für ein neues Passwort',
      lines: ['Gib diesen Code ein, um ein neues Passwort zu setzen. Er gilt 10 Minuten.', ignoreDe],
    },
    change_email: {
      subject: 'Dein Code für die neue Adresse',
      lines: ['Gib diesen Code ein, um diese Adresse für dein Konto zu verwenden. Er gilt 10 Minuten.', ignoreDe],
    },
    confirm: {
      subject: 'Dein Code zur Bestätigung',
      lines: ['Gib diesen Code ein, um zu bestätigen, dass du es bist. Er gilt 10 Minuten.', ignoreDe],
    },
    password_changed: {
      subject: 'Dein Passwort wurde geändert',
      lines: [
        'Das Passwort deines Kontos wurde geändert, und alle anderen Geräte wurden abgemeldet.',
        'Wenn du das nicht warst, setze sofort mit „Passwort vergessen“ ein neues und sag deiner Administration Bescheid.',
      ],
    },
    email_changed: {
      subject: 'Deine Adresse wurde geändert',
      lines: [
        'Dein Konto verwendet ab jetzt eine andere E-Mail-Adresse.',
        'Wenn du das nicht warst, sag sofort deiner Administration Bescheid.',
      ],
    },
  },
  ar: {
    register: {
      subject: 'رمزك في Lyceum',
      lines: ['أدخل هذا الرمز لإنشاء حسابك. الرمز صالح لمدة 10 دقائق.', ignoreAr],
    },
    already_registered: {
      subject: 'لديك حساب في Lyceum',
      lines: [
        'طُلب رمز لهذا العنوان، لكن له حسابًا بالفعل.',
        'سجّل الدخول به. وإن نسيت كلمة المرور فاختر «نسيت كلمة المرور».',
        ignoreAr,
      ],
    },
    reset_password: {
      subject: 'رمزك لتعيين كلمة مرور جديدة',
      lines: ['أدخل هذا الرمز لتعيين كلمة مرور جديدة. الرمز صالح لمدة 10 دقائق.', ignoreAr],
    },
    change_email: {
      subject: 'رمزك للعنوان الجديد',
      lines: ['أدخل هذا الرمز لاستخدام هذا العنوان في حسابك. الرمز صالح لمدة 10 دقائق.', ignoreAr],
    },
    confirm: {
      subject: 'رمز التأكيد',
      lines: ['أدخل هذا الرمز لتأكيد أنك صاحب الحساب. الرمز صالح لمدة 10 دقائق.', ignoreAr],
    },
    password_changed: {
      subject: 'تم تغيير كلمة المرور',
      lines: [
        'تم تغيير كلمة مرور حسابك، وسُجّل الخروج من جميع الأجهزة الأخرى.',
        'إن لم تفعل ذلك فعيّن كلمة مرور جديدة فورًا عبر «نسيت كلمة المرور» وأخبر المسؤول.',
      ],
    },
    email_changed: {
      subject: 'تم تغيير عنوانك',
      lines: ['يستخدم حسابك من الآن عنوان بريد إلكتروني آخر.', 'إن لم تفعل ذلك فأخبر المسؤول فورًا.'],
    },
  },
  id: {
    register: {
      subject: 'Kode Lyceum Anda',
      lines: ['Masukkan kode ini untuk membuat akun. Kode berlaku 10 menit.', ignoreId],
    },
    already_registered: {
      subject: 'Anda sudah memiliki akun Lyceum',
      lines: [
        'Ada permintaan kode untuk alamat ini, tetapi alamat ini sudah memiliki akun.',
        'Masuklah dengan akun itu. Jika lupa kata sandi, pilih “Lupa kata sandi”.',
        ignoreId,
      ],
    },
    reset_password: {
      subject: 'Kode untuk kata sandi baru',
      lines: ['Masukkan kode ini untuk membuat kata sandi baru. Kode berlaku 10 menit.', ignoreId],
    },
    change_email: {
      subject: 'Kode untuk alamat baru',
      lines: ['Masukkan kode ini untuk memakai alamat ini bagi akun Anda. Kode berlaku 10 menit.', ignoreId],
    },
    confirm: {
      subject: 'Kode konfirmasi Anda',
      lines: ['Masukkan kode ini untuk memastikan bahwa ini Anda. Kode berlaku 10 menit.', ignoreId],
    },
    password_changed: {
      subject: 'Kata sandi Anda telah diubah',
      lines: [
        'Kata sandi akun Anda telah diubah, dan semua perangkat lain telah dikeluarkan.',
        'Jika ini bukan Anda, segera buat kata sandi baru melalui “Lupa kata sandi” dan beri tahu admin Anda.',
      ],
    },
    email_changed: {
      subject: 'Alamat Anda telah diubah',
      lines: [
        'Mulai sekarang akun Anda memakai alamat surel lain.',
        'Jika ini bukan Anda, segera beri tahu admin Anda.',
      ],
    },
  },
}
