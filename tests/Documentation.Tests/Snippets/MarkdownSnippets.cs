using System.Text.RegularExpressions;

namespace OrleansRooms.Documentation.Tests.Snippets;

/// <summary>
/// Reads the C# of a Markdown document. An HTML comment directly before a block, or a table, says what it is, and may go on with
/// declarations that are used without being shown:
/// <code>
/// &lt;!-- csharp: server
/// static Task&lt;bool> IsValidAsync(string token) => Task.FromResult(token.Length > 0);
/// -->
/// </code>
/// </summary>
internal static partial class MarkdownSnippets
{
    /// <summary>The snippets in the order of the document.</summary>
    /// <exception cref="FormatException">A block has no comment, a comment no block, or either is misspelt; says where.</exception>
    public static List<Snippet> Read(string document, string markdown)
    {
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        var snippets = new List<Snippet>();
        Comment? comment = null;
        for (var i = 0; i < lines.Length; i++)
        {
            if (CommentStart().Match(lines[i]) is { Success: true } start)
            {
                RequireNone(comment);
                comment = ReadComment(start, ref i);
            }
            else if (Fence().Match(lines[i]) is { Success: true } fence)
            {
                var first = i + 1;
                var code = ReadBlock(fence, ref i);
                switch (fence.Groups["language"].Value)
                {
                    case "csharp" when comment is { Template: not SnippetTemplate.Table }:
                        snippets.Add(new Snippet(document, first + 1, comment.Template, code, comment.Context, comment.Line + 1));
                        comment = null;
                        break;
                    case "csharp":
                        throw Mistake(first - 1, "a csharp block needs a comment such as <!-- csharp: server --> before it");
                    case "cs" or "c#" or "C#" or "CSharp":
                        throw Mistake(first - 1, "spell it ```csharp, so that the block is checked");
                    default:
                        RequireNone(comment);
                        break;
                }
            }
            else if (comment is { Template: SnippetTemplate.Table } && lines[i].StartsWith('|'))
            {
                snippets.AddRange(ReadTable(comment, ref i));
                comment = null;
            }
            else if (lines[i].Trim().Length > 0)
            {
                RequireNone(comment);
            }
        }

        RequireNone(comment);
        return snippets;

        Comment ReadComment(Match start, ref int i)
        {
            var line = i;
            if (!Enum.TryParse<SnippetTemplate>(start.Groups["template"].Value, ignoreCase: true, out var template))
            {
                throw Mistake(line, $"there is no template '{start.Groups["template"].Value}'; " +
                    $"choose one of {string.Join(", ", Enum.GetNames<SnippetTemplate>()).ToLowerInvariant()}");
            }

            if (start.Groups["end"].Success)
            {
                return new Comment(template, line + 1, "");
            }

            var context = new List<string>();
            while (++i < lines.Length)
            {
                if (lines[i].Trim() == "-->")
                {
                    return new Comment(template, line + 1, string.Join('\n', context));
                }

                context.Add(lines[i]);
            }

            throw Mistake(line, "the comment does not end with a line -->");
        }

        string ReadBlock(Match fence, ref int i)
        {
            var opening = i;
            var indent = fence.Groups["indent"].Length;
            var block = new List<string>();
            while (++i < lines.Length)
            {
                if (lines[i].Trim() == fence.Groups["fence"].Value)
                {
                    return string.Join('\n', block);
                }

                block.Add(lines[i][Math.Min(indent, lines[i].Length - lines[i].TrimStart().Length)..]);
            }

            throw Mistake(opening, "the block does not end");
        }

        List<Snippet> ReadTable(Comment comment, ref int i)
        {
            var cells = new List<Snippet>();
            for (i += 2; i < lines.Length && lines[i].StartsWith('|'); i++)
            {
                var line = i + 1;
                var last = CellBorder().Split(lines[i].TrimEnd().TrimEnd('|'))[^1];
                cells.AddRange(CodeInText().Matches(last).Select(code =>
                    new Snippet(document, line, comment.Template, code.Groups["code"].Value, comment.Context, comment.Line + 1)));
            }

            i--;
            return cells;
        }

        void RequireNone(Comment? unused)
        {
            if (unused is not null)
            {
                throw Mistake(unused.Line - 1, "what this comment speaks of does not follow it directly");
            }
        }

        FormatException Mistake(int index, string what) => new($"{document}({index + 1}): {what}.");
    }

    [GeneratedRegex(@"^\s*<!--\s*csharp:\s*(?<template>\w*)\s*(?<end>-->)?\s*$")]
    private static partial Regex CommentStart();

    [GeneratedRegex(@"^(?<indent>\s*)(?<fence>`{3,})(?<language>[\w#+-]*)\s*$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellBorder();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex CodeInText();

    private sealed record Comment(SnippetTemplate Template, int Line, string Context);
}
