/**
 * What each shell is told about `aicore`: to ask it. The scripts hold no list of their own, so that one that was written
 * to a file years ago still offers what the program of today knows.
 *
 * `aicore __complete -- <words>` prints a candidate a line, a tab and its meaning behind it, or `:files`.
 */
export type CompletionShell = "bash" | "zsh" | "fish" | "powershell";

/** Bash 3.2 (macOS) on: no `mapfile`; `compopt` is missing there, and then paths are not completed. */
const BASH = `_aicore() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then
      compopt -o default 2>/dev/null
      return
    fi
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _aicore aicore sap-aicore
`;

/** For `source <(…)` as well as for a file `_aicore` in $fpath. */
const ZSH = `#compdef aicore sap-aicore
_aicore() {
  local line
  local -a candidates
  for line in "\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case "$line" in
      "") ;;
      :files) _files; return ;;
      *) candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  _describe aicore candidates
}
if [ "$funcstack[1]" = "_aicore" ]; then
  _aicore "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _aicore aicore sap-aicore
fi
`;

const FISH = `function __aicore_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l found ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
    if test "$found" = ":files"
        __fish_complete_path "$current"
    else
        printf '%s\\n' $found
    end
end
complete -c aicore -f -a '(__aicore_complete)'
complete -c sap-aicore -f -a '(__aicore_complete)'
`;

/** Before 7.3 PowerShell loses empty arguments: the empty word travels as two quotes. */
const POWERSHELL = `Register-ArgumentCompleter -Native -CommandName aicore, sap-aicore -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    $program = $words[0]
    $words = @($words | Select-Object -Skip 1)
    if ($wordToComplete -eq '') { $words += '""' }
    $found = @(& $program __complete '--' $words 2>$null)
    if ($found.Count -eq 1 -and $found[0] -eq ':files') { return }
    foreach ($line in $found) {
        $value, $about = $line -split "\`t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
`;

export const COMPLETION_SCRIPTS: Record<CompletionShell, string> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};

/** How the script is switched on, for the user. Bash 3.2, which macOS has, reads nothing from `source <(…)`. */
export const COMPLETION_SETUP: Record<CompletionShell, string> = {
  bash: 'Add to ~/.bashrc:  eval "$(aicore completion bash)"',
  zsh: "Add to ~/.zshrc:  source <(aicore completion zsh)",
  fish: "Run once:  aicore completion fish > ~/.config/fish/completions/aicore.fish",
  powershell: "Add to $PROFILE:  aicore completion powershell | Out-String | Invoke-Expression",
};
