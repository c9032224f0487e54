using System.Xml.Linq;

namespace OrleansRooms.Architecture.Tests;

/// <summary>
/// What the project files say of one another. They are read rather than the compiled assemblies, because the compiler leaves out
/// references that no code uses yet, and the first one is the moment to object.
/// </summary>
internal sealed class ProjectGraph
{
    private readonly Dictionary<string, Project> _projects = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _projects.Keys;

    public static ProjectGraph Load(string folder)
    {
        var graph = new ProjectGraph();
        foreach (var file in Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories))
        {
            graph.Add(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file));
        }

        return graph;
    }

    public void Add(string name, string projectFile)
    {
        var root = XDocument.Parse(projectFile).Root!;
        _projects.Add(name, new Project(
            root.Attribute("Sdk")?.Value ?? "",
            Includes(root, "PackageReference"),
            Includes(root, "FrameworkReference"),
            [.. Includes(root, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))]));
    }

    public IReadOnlyList<string> ProjectReferences(string name) => _projects[name].Projects;

    /// <summary>All that a project can see, through other projects too: packages, frameworks, projects and web SDKs.</summary>
    public IReadOnlySet<string> Reachable(string name)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([name]);
        while (open.TryDequeue(out var current))
        {
            var project = _projects[current];
            reached.UnionWith(project.Packages);
            reached.UnionWith(project.Frameworks);
            if (project.Sdk == "Microsoft.NET.Sdk.Web")
            {
                reached.Add("Microsoft.AspNetCore.App");
            }

            foreach (var reference in project.Projects)
            {
                if (reached.Add(reference))
                {
                    open.Enqueue(reference);
                }
            }
        }

        return reached;
    }

    private static string[] Includes(XElement root, string element) =>
        [.. root.Descendants(element).Select(e => e.Attribute("Include")?.Value).OfType<string>()];

    private sealed record Project(string Sdk, string[] Packages, string[] Frameworks, string[] Projects);
}
