namespace OrleansRooms.Documentation.Tests.Snippets;

/// <summary>One piece of C# in a document: a fenced block, or a cell of a table.</summary>
/// <param name="Document">The document, relative to the repository's root.</param>
/// <param name="Line">The line of its first line of code, from 1.</param>
/// <param name="Template">What surrounds the code when it is compiled; see <see cref="SnippetTemplate"/>.</param>
/// <param name="Code">The code.</param>
/// <param name="Context">Declarations that it takes for granted and the reader is not bothered with.</param>
/// <param name="ContextLine">The line on which they begin.</param>
internal sealed record Snippet(string Document, int Line, SnippetTemplate Template, string Code, string Context, int ContextLine);

/// <summary>Where in an application a snippet would stand, and so what it can use.</summary>
internal enum SnippetTemplate
{
    /// <summary>A whole <c>Program.cs</c> of a web project, which has only the using directives that it shows.</summary>
    Program,

    /// <summary>Statements before <c>builder.Build()</c>; can use <c>builder</c>.</summary>
    Builder,

    /// <summary>Statements after <c>var io = app.MapSocketIO().Server;</c>; can use <c>app</c> and <c>io</c>.</summary>
    Server,

    /// <summary>Statements inside <c>io.OnConnection(async socket => { })</c>; can use <c>app</c>, <c>io</c> and <c>socket</c>.</summary>
    Socket,

    /// <summary>Type declarations.</summary>
    Class,

    /// <summary>
    /// The table that follows: each code in its last column is a statement or an expression that can use <c>builder</c>, <c>app</c>,
    /// <c>io</c>, <c>socket</c> and the options <c>o</c>.
    /// </summary>
    Table,
}
