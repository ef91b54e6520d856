import { Argument, Command } from "commander";
import { builtInNames } from "../experiment/built-in.ts";

const shells = ["bash", "zsh", "fish"] as const;

/** Commands whose argument names an experiment. */
const takeExperiments = ["run", "submit", "doctor"];

export const completionCommand = (): Command =>
  new Command("completion")
    .description("print what makes a shell complete commands, options and experiments")
    .addArgument(new Argument("<shell>").choices(shells))
    .addHelpText(
      "after",
      `
Examples:
  alphasweep completion bash >> ~/.bashrc
  alphasweep completion zsh >> ~/.zshrc
  alphasweep completion fish > ~/.config/fish/completions/alphasweep.fish`,
    )
    .action(async (shell: (typeof shells)[number], _: object, command: Command) => {
      const { reproductions } = await import("../../../experiments/registry.ts");
      const named = (name: string): string[] => {
        if (takeExperiments.includes(name)) return builtInNames();
        return name === "reproduce" ? reproductions.map(({ id }) => id) : [];
      };
      const words = command.parent!.commands.map((each) => ({
        name: each.name(),
        description: each.description(),
        words: [...each.options.flatMap(({ long }) => long ?? []), "--help", ...named(each.name())],
      }));
      console.log(shell === "fish" ? fish(words) : bash(words, shell));
    });

interface CommandWords {
  name: string;
  description: string;
  /** Options and names, which need no quotes. */
  words: readonly string[];
}

/** zsh takes bash's. */
const bash = (commands: readonly CommandWords[], shell: "bash" | "zsh"): string =>
  `${shell === "zsh" ? "autoload -U +X compinit && compinit; autoload -U +X bashcompinit && bashcompinit\n" : ""}_alphasweep() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(" ")} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${commands.map(({ name, words }) => `      ${name}) words="${words.join(" ")}" ;;`).join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _alphasweep alphasweep`;

const fish = (commands: readonly CommandWords[]): string =>
  commands
    .flatMap(({ name, description, words }) => [
      `complete -c alphasweep -n __fish_use_subcommand -a ${name} -d '${description.replaceAll("'", "\\'")}'`,
      ...words.map((word) =>
        word.startsWith("--")
          ? `complete -c alphasweep -n '__fish_seen_subcommand_from ${name}' -l ${word.slice(2)}`
          : `complete -c alphasweep -n '__fish_seen_subcommand_from ${name}' -a ${word}`,
      ),
    ])
    .join("\n");
