import type { DocumentLanguage } from './types.ts'

const words = (list: string): string[] => list.split(' ')

/**
 * The commonest function words of each language, chosen so that few are shared: a word in two lists counts for
 * both and decides nothing.
 */
export const stopWords: Record<DocumentLanguage, string[]> = {
  en: words(
    'the of and to is that it for as with was be by this are from or have which not they you his but their its were been has can will would there what when who more if into than them these some about other only your how where each also we our such between because does must should',
  ),
  de: words(
    'der die das und ist nicht ein eine einen einem einer eines mit sich auf für dem den des von zu im auch als wird sind oder aber bei nach über aus durch wie wenn werden kann dass noch nur zum zur sie er es wir ihr ich man haben hat wurde unter vom diese dieser dieses sei',
  ),
  id: words(
    'yang dan di dari untuk dengan ini itu pada adalah dalam tidak ke akan oleh atau juga sebagai dapat bisa telah karena ada kita anda mereka saya lebih seperti jika sebuah setelah tersebut secara hanya sudah bahwa agar namun ketika antara belum maka saat kami kamu apa',
  ),
  ar: words(
    'من في على إلى أن هذا هذه التي الذي عن مع كان كانت ما لا هو هي قد ذلك كل بين بعد أو لم ثم إذا عند كما حيث إن أي غير قبل منها فيها به له لها يمكن تكون يكون خلال',
  ),
}
