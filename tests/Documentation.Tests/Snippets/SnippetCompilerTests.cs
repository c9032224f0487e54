namespace OrleansRooms.Documentation.Tests.Snippets;

public sealed class SnippetCompilerTests
{
    [Fact]
    public void Snippet_InOrder_HasNoMistakes() => Assert.Empty(Check(
        """
        # Rooms

        <!-- csharp: socket -->
        ```csharp
        await socket.JoinAsync("lobby");
        await socket.To("lobby").EmitAsync("joined", socket.Id);
        ```
        """));

    [Fact]
    public void Snippet_CallingWhatDoesNotExist_IsReportedWithDocumentAndLine() => Assert.Equal(
        ["docs/page.md(6): CS1061"],
        Shorten(Check(
            """
            # Rooms

            <!-- csharp: socket -->
            ```csharp
            await socket.JoinAsync("lobby");
            await socket.EnterAsync("lobby");
            ```
            """)));

    [Theory]
    [InlineData("program",
        "using OrleansRooms.SocketIO;\nvar app = WebApplication.Create();\napp.MapSocketIO().Serve();", "docs/page.md(5): CS1061")]
    [InlineData("builder", "\nbuilder.Services.AddSocketIOs();", "docs/page.md(4): CS1061")]
    [InlineData("server", "using System.Text;\nio.Emit(\"a\");", "docs/page.md(4): CS1061")]
    [InlineData("server", "using Nowhere.AtAll;\nawait io.EmitAsync(\"a\");", "docs/page.md(3): CS0246")]
    [InlineData("class", "\n\nsealed class C { Missing? _m; }", "docs/page.md(5): CS0246")]
    public void Snippet_BrokenInAnyTemplate_IsReported(string template, string code, string expected) =>
        Assert.Contains(expected, Shorten(Check($"<!-- csharp: {template} -->\n```csharp\n{code}\n```\n")));

    [Theory]
    [InlineData("socket.EmitAsync(\"a\");", "CS4014")] // not awaited
    [InlineData("string text = socket.Data.Get<string>(\"name\"); Console.WriteLine(text);", "CS8600")] // may be null
    public void Snippet_WithAWarning_IsReported(string code, string id) =>
        Assert.Equal([$"docs/page.md(3): {id}"], Shorten(Check($"<!-- csharp: socket -->\n```csharp\n{code}\n```\n")));

    [Fact]
    public void Snippet_ThatDoesNotEnd_IsReported() =>
        Assert.NotEmpty(Check("<!-- csharp: server -->\n```csharp\nio.OnConnection(socket =>\n{\n```\n"));

    [Fact]
    public void Program_WithoutItsUsings_IsReported() => Assert.Contains(
        Check(
            "<!-- csharp: program -->\n```csharp\nvar app = WebApplication.Create();\nawait " +
            "app.MapSocketIO().Server.EmitAsync(\"a\");\n```\n"),
        mistake => mistake.Contains("EmitAsync", StringComparison.Ordinal));

    [Fact]
    public void Context_IsUsedAndChecked()
    {
        const string Code = "\n```csharp\nif (await IsValidAsync(\"t\")) await io.EmitAsync(\"valid\");\n```\n";

        Assert.Empty(Check($"<!-- csharp: server\nstatic Task<bool> IsValidAsync(string token) => Task.FromResult(true);\n-->{Code}"));
        Assert.Equal(
            ["docs/page.md(2): CS0029"],
            Shorten(Check($"<!-- csharp: server\nstatic Task<bool> IsValidAsync(string token) => true;\n-->{Code}")));
    }

    [Theory]
    [InlineData("text\n\n```csharp\nvar a = 1;\n```", "docs/page.md(3): a csharp block needs a comment")]
    [InlineData("```cs\nvar a = 1;\n```", "docs/page.md(1): spell it ```csharp")]
    [InlineData("<!-- csharp: servr -->\n```csharp\nvar a = 1;\n```", "docs/page.md(1): there is no template 'servr'")]
    [InlineData("<!-- csharp: server -->\n\ntext\n", "docs/page.md(1): what this comment speaks of does not follow")]
    [InlineData("<!-- csharp: server -->\n```js\nlet a = 1;\n```\n", "docs/page.md(1): what this comment speaks of does not follow")]
    [InlineData("<!-- csharp: server\nint a;\n", "docs/page.md(1): the comment does not end")]
    [InlineData("<!-- csharp: server -->\n```csharp\nvar a = 1;\n", "docs/page.md(2): the block does not end")]
    public void Document_WithABlockThatCouldNotBeChecked_IsRefused(string markdown, string message) =>
        Assert.StartsWith(
            message, Assert.Throws<FormatException>(() => MarkdownSnippets.Read("docs/page.md", markdown)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Table_EachCodeOfTheLastColumn_IsChecked() => Assert.Equal(
        ["docs/page.md(5): CS1061", "docs/page.md(6): CS1061"],
        Shorten(Check(
            """
            <!-- csharp: table -->
            | JavaScript | C# |
            |---|---|
            | `socket.emit("a")` | `await socket.EmitAsync("a")`, see [there](there.md) |
            | `socket.id` | `socket.Id`, `socket.Ident` |
            | `io.on("connection", f)` | `io.OnConnection(socket => socket.Emit("a"))` |

            | JavaScript | C# |
            |---|---|
            | `a` | `b` |
            """)));

    [Fact]
    public void Block_InsideAList_IsReadWithoutItsIndentation() => Assert.Equal(
        "if (true)\n{\n    return;\n}",
        Assert.Single(MarkdownSnippets.Read(
            "docs/page.md", "- item\n\n  <!-- csharp: server -->\n  ```csharp\n  if (true)\n  {\n      return;\n  }\n  ```\n")).Code);

    private static List<string> Check(string markdown) =>
        [.. MarkdownSnippets.Read("docs/page.md", markdown).SelectMany(SnippetCompiler.Check)];

    /// <summary>Place and id, without the compiler's sentence.</summary>
    private static IEnumerable<string> Shorten(IEnumerable<string> mistakes) =>
        mistakes.Select(mistake => string.Join(": ", mistake.Split(": ")[..2]));
}
