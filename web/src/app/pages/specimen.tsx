import { useTranslation } from 'react-i18next'

/** What an answer looks like, while there is none to show. */
export const Specimen = () => {
  const { t } = useTranslation()
  const chip = (
    <span className="cite" aria-current="true">
      {1}
    </span>
  )
  return (
    <figure className="specimen">
      <figcaption>{t('specimen.caption')}</figcaption>
      <div className="two">
        <p className="read">
          <span className="sentence on">{t('specimen.sentence')}</span>
          {'\u2060'}
          {chip}
        </p>
        <div className="page">
          <p className="page-head">
            <span>{t('specimen.book')}</span>
            <span className="num">{31}</span>
          </p>
          <p>
            <span className="in-margin" aria-hidden="true">
              {chip}
            </span>
            <mark>{t('specimen.passage')}</mark> {t('specimen.after')}
          </p>
        </div>
      </div>
    </figure>
  )
}
