using System.Text.RegularExpressions;
using OrleansRooms.TestKit;

namespace OrleansRooms.Documentation.Tests;

public sealed partial class TestCommandTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    public void Document_TellsTheCommandThatContinuousIntegrationRuns(string document)
    {
        var run = Assert.Single(Command().Matches(Documents.Read(".ci/run")));
        var told = Command().Match(Documents.Read(document));

        Assert.Equal(run.Groups["command"].Value, told.Groups["command"].Value);
    }

    /// <summary>A line that tests, up to a comment or what is done with its output.</summary>
    [GeneratedRegex(@"^(?<command>dotnet (?:build|test)\b[^#\n]*?) *(?:#.*|2>&1.*)?$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
