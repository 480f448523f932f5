import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from './copy-text';
import { Button } from './ui/button';
import { classNames } from './ui/class-names';
import { toast } from './ui/toasts';

const SHOWN_MS = 2_000;

export interface CopyableProps {
  text: string;
  /** What it is, for the button's name: "Copy request id". */
  label: string;
  className?: string;
}

/** An id, key or line of code with a button that copies it. */
export function Copyable({ text, label, className }: CopyableProps) {
  return (
    <span className={classNames('inline-flex max-w-full items-center gap-1', className)}>
      <code className="truncate font-mono text-xs" title={text}>
        {text}
      </code>
      <CopyButton text={text} label={label} />
    </span>
  );
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const [isCopied, setIsCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    if (await copyText(text)) setIsCopied(true);
    else toast(t('copy.failed'), 'danger');
  };
  const Icon = isCopied ? Check : Copy;
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        className="size-6"
        aria-label={t('copy.label', { label })}
        onClick={() => void copy()}
      >
        <Icon aria-hidden="true" className="size-3.5" />
      </Button>
      <span role="status" className="sr-only">
        {isCopied ? t('copy.done') : ''}
      </span>
    </>
  );
}
