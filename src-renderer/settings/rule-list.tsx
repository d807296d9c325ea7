// Rules, as of a scripted server or method, in the order in which they are tried: add, move, delete.
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { useListKeys } from '../ui/list-keys.ts';
import './rule-list.css';

export interface RuleListProps<Rule> {
  heading: string;
  rules: readonly Rule[];
  /** They are not tried one after the other: nothing to move. */
  unordered?: boolean;
  /** What an added one begins as. */
  blank: Rule;
  onChange(rules: Rule[]): void;
  /** The form of a rule; `number` counts from 1. */
  children(rule: Rule, number: number, onChange: (rule: Rule) => void): ReactNode;
}

export function RuleList<Rule>(props: RuleListProps<Rule>) {
  const { heading, rules, unordered = false, blank, onChange, children } = props;
  const { keys, ...rows } = useListKeys(rules.length);
  const replace = (at: number, rule: Rule) => onChange(rules.map((each, index) => (index === at ? rule : each)));
  const move = (from: number, to: number) => {
    const next = [...rules];
    next.splice(to, 0, ...next.splice(from, 1));
    rows.move(from, to);
    onChange(next);
  };
  const remove = (at: number) => {
    rows.remove(at);
    onChange(rules.filter((_, index) => index !== at));
  };
  return (
    <div className="answers">
      <h3 className="settings-heading">{heading}</h3>
      <ol className="answer-list">
        {rules.map((rule, index) => (
          <li key={keys[index]} className="answer">
            {children(rule, index + 1, (next) => replace(index, next))}
            <div className="answer-orders">
              {!unordered && (
                <>
                  <IconButton
                    label={`Move rule ${index + 1} up`}
                    icon={ArrowUp}
                    disabled={index === 0}
                    onClick={() => move(index, index - 1)}
                  />
                  <IconButton
                    label={`Move rule ${index + 1} down`}
                    icon={ArrowDown}
                    disabled={index === rules.length - 1}
                    onClick={() => move(index, index + 1)}
                  />
                </>
              )}
              <IconButton label={`Delete rule ${index + 1}`} icon={Trash2} onClick={() => remove(index)} />
            </div>
          </li>
        ))}
      </ol>
      <Button icon={Plus} onClick={() => onChange([...rules, blank])}>
        Add rule
      </Button>
    </div>
  );
}
