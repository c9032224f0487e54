using OrleansRooms.Documentation.Tests.Snippets;
using OrleansRooms.TestKit;

namespace OrleansRooms.Documentation.Tests;

public sealed class SnippetTests
{
    public static TheoryData<string> DocumentNames => [.. Documents.All];

    [Theory]
    [MemberData(nameof(DocumentNames))]
    public void Document_EveryCSharpBlock_Compiles(string document)
    {
        var mistakes = MarkdownSnippets.Read(document, Documents.Read(document)).SelectMany(SnippetCompiler.Check);

        Assert.True(!mistakes.Any(), string.Join('\n', mistakes));
    }

    [Fact]
    public void Documents_Together_ShowCode() =>
        Assert.True(Documents.All.Sum(document => MarkdownSnippets.Read(document, Documents.Read(document)).Count) > 20);

    [Fact]
    public void Installation_ShowsTheMinimalSampleAsItIs() =>
        Assert.Contains(
            MarkdownSnippets.Read("docs/socketio/installation.md", Documents.Read("docs/socketio/installation.md")),
            snippet => snippet.Code.Trim() == File.ReadAllText(RepositoryRoot.Combine("samples/Minimal/Program.cs")).Trim());
}
