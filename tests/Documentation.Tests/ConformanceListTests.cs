using System.Text.RegularExpressions;
using OrleansRooms.TestKit;

namespace OrleansRooms.Documentation.Tests;

/// <summary>The conformance list is a promise: what it numbers, a test shows.</summary>
public sealed partial class ConformanceListTests
{
    private const string Page = "docs/conformance.md";

    /// <summary>The behaviours of a single server; those of a cluster follow them.</summary>
    private const int LastOfOneServer = 94;

    private static readonly string Numbers = string.Join('\n', Directory
        .EnumerateFiles(RepositoryRoot.Combine("tests"), "*.cs", SearchOption.AllDirectories)
        .SelectMany(file => Trait().Matches(File.ReadAllText(file)))
        .Select(match => $"<{match.Groups["number"].Value}>")
        .Distinct());

    public static TheoryData<int> Behaviours => [.. Numbered];

    private static IEnumerable<int> Numbered =>
         Item().Matches(Documents.Read(Page)).Select(match => int.Parse(match.Groups["number"].Value))
             .Where(number => number <= LastOfOneServer);

    [Fact]
    public void List_NumbersEveryBehaviourOfAServerOnce() => Assert.Equal(Enumerable.Range(1, LastOfOneServer), Numbered);

    [Theory]
    [MemberData(nameof(Behaviours))]
    public void Behaviour_IsShownByATest(int number) => Assert.Contains($"<{number}>", Numbers, StringComparison.Ordinal);

    [GeneratedRegex("""\[Trait\("Behaviour", "(?<number>\d+)"\)\]""")]
    private static partial Regex Trait();

    [GeneratedRegex(@"^(?<number>\d+)\. \S", RegexOptions.Multiline)]
    private static partial Regex Item();
}
