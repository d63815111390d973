import { getRouteApi, useRouter } from "@tanstack/react-router";
import { SignInPage } from "@/features/session/sign-in-page";

const route = getRouteApi("/sign-in");

export function SignInRoute() {
  const router = useRouter();
  const { next = "/", step, error } = route.useSearch();
  return (
    <SignInPage
      next={next}
      isFromCompany={step === "company"}
      companyError={error}
      onSignedIn={() => router.history.push(next)}
    />
  );
}
