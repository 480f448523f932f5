import { FailureText } from '@/components/failure-text';
import { Alert } from '@/components/ui/alert';

/** Why a form could not be sent; nothing while it could. */
export function FormFailure({ failure }: { failure: unknown }) {
  if (failure === undefined) return null;
  return (
    <Alert tone="danger">
      <FailureText error={failure} />
    </Alert>
  );
}
