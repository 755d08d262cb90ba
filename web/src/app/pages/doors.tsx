import { getRouteApi, useNavigate, useRouter } from '@tanstack/react-router'
import { RegisterPage } from '../../features/identity/register-page.tsx'
import { SetupPage } from '../../features/identity/setup-page.tsx'
import { SignInPage } from '../../features/identity/sign-in-page.tsx'

const setup = getRouteApi('/setup')
const signIn = getRouteApi('/sign-in')

export const SetupDoor = () => {
  const { code } = setup.useSearch()
  return <SetupPage code={code} onDone={useHome()} />
}

export const RegisterDoor = () => <RegisterPage onDone={useHome()} />

export const SignInDoor = () => {
  const { to, ended } = signIn.useSearch()
  const { history } = useRouter()
  const home = useHome()
  // Only a place of our own: an address from elsewhere must not lead there.
  const isOurs = to?.startsWith('/') && !to.startsWith('//')
  return <SignInPage hasEnded={ended ?? false} onDone={() => (to && isOurs ? history.replace(to) : home())} />
}

const useHome = (): (() => void) => {
  const navigate = useNavigate()
  return () => void navigate({ to: '/', replace: true })
}
