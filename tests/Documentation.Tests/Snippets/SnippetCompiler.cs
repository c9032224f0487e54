using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OrleansRooms.Documentation.Tests.Snippets;

/// <summary>
/// Compiles snippets as an application would be compiled: nullable, with the implicit usings of a web project, against the assemblies of
/// this test run. Warnings count as errors, but for those about values that a snippet computes and, being a snippet, does not use.
/// </summary>
internal static partial class SnippetCompiler
{
    /// <summary>What <c>Microsoft.NET.Sdk.Web</c> brings along.</summary>
    private static readonly string[] WebUsings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Net.Http.Json", "System.Threading",
        "System.Threading.Tasks", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    /// <summary>
    /// What the cells of a table can use. Members rather than parameters, so that a cell may have a lambda with a parameter <c>socket</c>.
    /// </summary>
    private const string Everything =
        """
        static partial class Snippet
        {
            static WebApplicationBuilder builder => throw null!;
            static WebApplication app => throw null!;
            static ISocketIOServer io => throw null!;
            static ISocket socket => throw null!;
            static SocketIOOptions o => throw null!;
        }
        """;

    private static readonly string[] UnusedValues = ["CS0168", "CS0219", "CS8321"];

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly CSharpCompilation EmptyLibrary = CreateEmpty(OutputKind.DynamicallyLinkedLibrary);

    private static readonly CSharpCompilation EmptyProgram = CreateEmpty(OutputKind.ConsoleApplication);

    /// <summary>What the compiler finds wrong, each with document and line; nothing when all is well.</summary>
    public static IReadOnlyList<string> Check(Snippet snippet) =>
        [.. Compile(snippet).GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => Describe(diagnostic, snippet))];

    /// <summary>The snippet, ready to run.</summary>
    public static Assembly Build(Snippet snippet)
    {
        using var assembly = new MemoryStream();
        var result = Compile(snippet).Emit(assembly);
        return result.Success
            ? Assembly.Load(assembly.ToArray())
            : throw new InvalidOperationException(
                string.Join('\n', result.Diagnostics.Select(diagnostic => Describe(diagnostic, snippet))));
    }

    private static CSharpCompilation Compile(Snippet snippet) =>
        (snippet.Template is SnippetTemplate.Program ? EmptyProgram : EmptyLibrary)
            .AddSyntaxTrees([Parse(GlobalUsings(snippet.Template)), .. Sources(snippet).Select(Parse)]);

    private static CSharpCompilation CreateEmpty(OutputKind kind) => CSharpCompilation.Create(
        "Snippet",
        references: References,
        options: new CSharpCompilationOptions(
            kind,
            nullableContextOptions: NullableContextOptions.Enable,
            specificDiagnosticOptions: UnusedValues.ToDictionary(id => id, _ => ReportDiagnostic.Suppress)));

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, Language);

    private static string GlobalUsings(SnippetTemplate template) => string.Concat(
        WebUsings.Concat(template is SnippetTemplate.Program ? [] : ["OrleansRooms.SocketIO"])
            .Select(name => $"global using global::{name};\n"));

    private static IEnumerable<string> Sources(Snippet snippet)
    {
        if (snippet.Template is SnippetTemplate.Program or SnippetTemplate.Class)
        {
            yield return InDocument(snippet.Document, snippet.Line, snippet.Code);
            yield return InDocument(snippet.Document, snippet.ContextLine, snippet.Context);
            yield break;
        }

        var parameters = snippet.Template switch
        {
            SnippetTemplate.Builder => "WebApplicationBuilder builder",
            SnippetTemplate.Server => "WebApplication app, ISocketIOServer io",
            SnippetTemplate.Table => "",
            _ => "WebApplication app, ISocketIOServer io, ISocket socket",
        };
        var usings = new StringBuilder();
        var statements = new List<string>();
        foreach (var (index, line) in snippet.Code.Split('\n').Index())
        {
            var isDirective = UsingDirective().IsMatch(line);
            statements.Add(isDirective ? "" : line);
            if (isDirective)
            {
                usings.Append(InDocument(snippet.Document, snippet.Line + index, line));
            }
        }

        if (snippet.Template is SnippetTemplate.Table)
        {
            statements = [AsStatement(snippet.Code)];
            yield return Everything;
        }

        yield return $$"""
            {{usings}}
            #line hidden
            static partial class Snippet
            {
                static async Task RunAsync({{parameters}})
                {
                    await Task.CompletedTask;
            {{InDocument(snippet.Document, snippet.Line, string.Join('\n', statements))}}
                }
            {{InDocument(snippet.Document, snippet.ContextLine, snippet.Context)}}
            }
            """;
    }

    private static string AsStatement(string code)
    {
        var isStatement = SyntaxFactory.ParseStatement($"{code};") is not ExpressionStatementSyntax
        {
            Expression: not (AssignmentExpressionSyntax or InvocationExpressionSyntax or AwaitExpressionSyntax),
        };
        return isStatement ? $"{code};" : $"_ = {code};";
    }

    private static string InDocument(string document, int line, string code) => $"#line {line} \"{document}\"\n{code}\n#line hidden\n";

    private static string Describe(Diagnostic diagnostic, Snippet snippet)
    {
        var place = diagnostic.Location.GetMappedLineSpan();
        var line = place.HasMappedPath ? place.StartLinePosition.Line + 1 : snippet.Line;
        return $"{snippet.Document}({line}): {diagnostic.Id}: {diagnostic.GetMessage()}";
    }

    [GeneratedRegex(@"^using (static )?[\w.]+;\s*$")]
    private static partial Regex UsingDirective();
}
