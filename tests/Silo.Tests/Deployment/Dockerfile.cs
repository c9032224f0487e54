using OrleansRooms.TestKit;

namespace OrleansRooms.Silo.Tests.Deployment;

/// <summary>One instruction of a Dockerfile, with its continuation lines joined.</summary>
internal sealed record Instruction(string Name, string Arguments)
{
    public string[] Words => Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A Dockerfile that is built from the root of the repository.</summary>
internal sealed class Dockerfile
{
    private Dockerfile(string path)
    {
        Path = path;
        var text = File.ReadAllText(RepositoryRoot.Combine(path.Split('/')));
        Comments = [.. text.Split('\n').Where(line => line.StartsWith('#'))];
        Instructions =
        [
            .. text.Replace("\\\n", " ", StringComparison.Ordinal)
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.StartsWith('#'))
                .Select(line => line.Split(' ', 2))
                .Select(parts => new Instruction(parts[0], parts.Length == 2 ? parts[1].Trim() : "")),
        ];
    }

    /// <summary>The Dockerfiles of the repository.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["src/Silo/Dockerfile", "samples/FrontEnd/Dockerfile"];

    public string Path { get; }

    public IReadOnlyList<string> Comments { get; }

    public IReadOnlyList<Instruction> Instructions { get; }

    /// <summary>What the last stage is made of, which is what runs.</summary>
    public IEnumerable<Instruction> LastStage =>
        Instructions.Skip(Instructions.Select(instruction => instruction.Name).ToList().LastIndexOf("FROM"));

    /// <summary>The files and folders of the repository that the stages that build are given.</summary>
    public IEnumerable<string> Copied =>
        All("COPY").Where(copy => !copy.Arguments.Contains("--from", StringComparison.Ordinal)).SelectMany(copy => copy.Words[..^1]);

    /// <summary>The project that is published.</summary>
    public string Project => Publish[Array.IndexOf(Publish, "publish") + 1];

    /// <summary>The name that the comment gives the image.</summary>
    public string Image
    {
        get
        {
            var words = Assert.Single(Comments, comment => comment.Contains("docker build", StringComparison.Ordinal)).Split(' ');
            Assert.Equal(Path, words[Array.IndexOf(words, "-f") + 1]);
            return words[Array.IndexOf(words, "-t") + 1];
        }
    }

    private string[] Publish =>
        Assert.Single(All("RUN"), run => run.Arguments.StartsWith("dotnet publish", StringComparison.Ordinal)).Words;

    public static Dockerfile Read(string path) => new(path);

    public IEnumerable<Instruction> All(string name) => Instructions.Where(instruction => instruction.Name == name);
}
