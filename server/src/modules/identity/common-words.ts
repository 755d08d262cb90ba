/**
 * Words that passwords are most often made of, in the languages of the page: what people are asked for, names, animals,
 * teams, seasons, love, oaths, heroes, and the product's own. Written for this check; lower case, without accents.
 */
export const commonWords: ReadonlySet<string> = new Set(
  `password passwort passwd passcode passphrase pass parola motdepasse contrasena senha katasandi sandi rahasia secret
  secure security geheim login logon signin letmein welcome willkommen selamat selamatdatang admin administrator
  adminadmin root system user username guest default temp temporary changeme change newpassword mypassword hello
  hallo halo ahlan salam bonjour hola computer internet server windows microsoft google
  android samsung iphone apple linux ubuntu oracle cisco master supervisor manager office company school schule
  sekolah siswa guru lehrer schueler university college class lyceum lyzeum tutor exam pruefung
  ujian qwerty qwertz azerty asdf zxcv yxcv abc abcd abcde abcdef alphabet
  monkey dragon tiger lion eagle falcon bear wolf panther panda cat dog kitty kitten puppy horse rabbit bunny turtle
  dolphin shark spider snake phoenix chicken turkey butterfly hund katze hase maus tier kucing anjing harimau singa
  gajah elang kelinci
  football fussball soccer baseball basketball hockey tennis golf cricket rugby racing boxing sports champion arsenal
  chelsea liverpool barcelona realmadrid madrid juventus manchester united bayern dortmund schalke borussia cowboys
  yankees lakers eagles steelers rangers redskins packers broncos persib persija garuda
  spring summer autumn winter fall fruehling sommer herbst january february march april may june july august september
  october november december januar februar maerz mai juni juli oktober dezember januari februari maret agustus desember
  monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag
  senin selasa rabu kamis jumat sabtu minggu
  love iloveyou lovely loveyou lover iloveu ilovemom babygirl baby babyboy honey sweetheart sweety sweet darling
  princess prince queen king angel angels heaven heart forever friends friend bestfriend family mother father mommy
  daddy mama papa sister brother schatz liebe ichliebedich liebling engel prinzessin hase mausi freunde familie sayang
  cinta akucintakamu akusayangkamu bidadari keluarga ibu bapak ayah habibi habibti
  god jesus christ bible church blessed blessing faith hope peace bismillah alhamdulillah allah allahuakbar muhammad
  mohammed islam muslim assalamualaikum ramadan insyaallah
  superman batman spiderman ironman hulk joker starwars starwar jedi yoda skywalker matrix pokemon pikachu naruto
  minecraft fortnite roblox gamer games playstation xbox nintendo mario zelda warcraft callofduty harrypotter
  hogwarts gandalf merlin wizard ninja samurai pirate hunter killer warrior soldier ranger thunder storm lightning
  blackbird phantom shadow ghost devil demon lucifer
  michael jennifer jessica michelle daniel thomas robert george charlie andrew joshua matthew anthony william jordan
  ashley amanda nicole samantha elizabeth hannah sarah laura maria anna emma sophia olivia alexander alex max maximilian
  stefan andreas christian martin peter paul julia lisa lena sabine claudia ahmed ahmad ali hassan hussein omar fatima
  aisha khalid yusuf ibrahim abdullah budi agus siti dewi putri putra andi rizky dian sari wati
  sunshine flower flowers rainbow diamond silver golden gold crystal star stars moon sunflower beautiful pretty happy
  lucky smile freedom liberty music guitar piano rockyou rocknroll metallica nirvana blink eminem beatles cookie
  chocolate cheese pepper ginger banana orange cherry apfel coffee pizza summertime holiday vacation urlaub sonne
  sonnenschein blume regenbogen stern bunga mentari bulan bintang pelangi cantik
  america american london paris berlin hamburg muenchen germany deutschland england france australia canada india
  pakistan indonesia jakarta bandung surabaya malaysia merdeka saudi saudiarabia riyadh egypt cairo dubai kuwait
  mustang corvette ferrari porsche mercedes honda toyota yamaha harley maverick camaro jaguar
  whatever nothing trustno access private public killer asshole fuckyou fuck bitch sexy money dollar power matrix
  internet snoopy buster bailey tigger jasper cooper maggie`
    .split(/\s+/)
    .filter((word) => word !== ''),
)
