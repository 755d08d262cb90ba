/** A database of its own on the PostgreSQL that the tests are given, and a numbered one on its Redis. */
import pg from 'pg'
import type { Settings } from './server.ts'

export interface Services {
  settings: Settings
  drop(): Promise<void>
}

/** Null when no services are named; then only the embedded shape is tried. */
export const openServices = async (name: string, redisNumber: number): Promise<Services | null> => {
  const { LYCEUM_TEST_DATABASE_URL: owner, LYCEUM_TEST_SUPERUSER_URL: superuser } = process.env
  const redis = process.env.LYCEUM_TEST_REDIS_URL
  if (!owner || !superuser || !redis) return null
  await statement(owner, `create database ${name}`)
  const at = (url: string, path: string): string => Object.assign(new URL(url), { pathname: `/${path}` }).href
  return {
    settings: { DATABASE_URL: at(owner, name), REDIS_URL: at(redis, String(redisNumber)) },
    drop: () => statement(superuser, `drop database ${name} with (force)`),
  }
}

const statement = async (connectionString: string, text: string): Promise<void> => {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
