import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from './copyable';
import { Alert } from './ui/alert';
import { Button } from './ui/button';
import { Checkbox } from './ui/checkbox';
import { Dialog, DialogContent, DialogFooter } from './ui/dialog';
import { Label } from './ui/label';

export interface SecretOnceProps {
  /** Undefined while there is nothing to show. */
  secret: string | undefined;
  title: string;
  /** What it is, for the copy button. */
  label: string;
  /** The person has it; forget it. */
  onStored: () => void;
}

/** Shows a secret that will never be shown again, and stays until the person says that it is stored. */
export function SecretOnce({ secret, title, label, onStored }: SecretOnceProps) {
  const { t } = useTranslation();
  const [isStored, setIsStored] = useState(false);
  const close = () => {
    setIsStored(false);
    onStored();
  };
  return (
    <Dialog open={secret !== undefined}>
      <DialogContent title={title} description={t('secret.text')} isHeldOpen>
        <div className="flex items-center gap-2 rounded-md border bg-subtle p-2">
          <code className="min-w-0 flex-1 font-mono text-xs break-all select-all">{secret}</code>
          <CopyButton text={secret ?? ''} label={label} />
        </div>
        <Alert tone="warning">{t('secret.warning')}</Alert>
        <div className="flex items-center gap-2">
          <Checkbox
            id="secret-stored"
            checked={isStored}
            onCheckedChange={(checked) => setIsStored(checked === true)}
          />
          <Label htmlFor="secret-stored">{t('secret.stored')}</Label>
        </div>
        <DialogFooter>
          <Button disabled={!isStored} onClick={close}>
            {t('secret.close')}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
