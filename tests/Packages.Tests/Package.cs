using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace OrleansRooms.Packages.Tests;

/// <summary>A NuGet package on disk.</summary>
public sealed class Package : IDisposable
{
    // The kind of a PDB's SourceLink: https://github.com/dotnet/runtime/blob/main/docs/design/specs/PortablePdb-Metadata.md
    private static readonly Guid SourceLinkKind = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private readonly ZipArchive _archive;

    private Package(ZipArchive archive) => _archive = archive;

    /// <summary>The paths in the package.</summary>
    public IReadOnlyList<string> Files => [.. _archive.Entries.Select(entry => entry.FullName)];

    /// <summary>The manifest's elements, by their names.</summary>
    public XElement Metadata
    {
        get
        {
            using var manifest = Read(Files.Single(file => file.EndsWith(".nuspec", StringComparison.Ordinal)));
            return XDocument.Load(manifest).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        }
    }

    /// <summary>What the package depends on, by id, with versions.</summary>
    public IReadOnlyDictionary<string, string> Dependencies =>
        Metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
        .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);

    public static Package Open(string path) => new(ZipFile.OpenRead(path));

    /// <summary>The text of an element of the manifest.</summary>
    public string? Value(string element) => Element(element)?.Value;

    /// <summary>An element of the manifest.</summary>
    public XElement? Element(string name) => Metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name);

    /// <summary>A file of the package.</summary>
    public MemoryStream Read(string file)
    {
        using var stream = _archive.GetEntry(file)!.Open();
        var content = new MemoryStream();
        stream.CopyTo(content);
        content.Position = 0;
        return content;
    }

    /// <summary>Whether the compiler made an assembly so that the same sources give the same bytes.</summary>
    public bool IsDeterministic(string assembly)
    {
        using var reader = new PEReader(Read(assembly));
        return reader.ReadDebugDirectory().Any(entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }

    /// <summary>The SourceLink in a PDB: where a debugger finds the sources. <see langword="null"/> if it has none.</summary>
    public string? SourceLink(string symbols)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(Read(symbols));
        var reader = provider.GetMetadataReader();
        return reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == SourceLinkKind)
            .Select(information => Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value))).SingleOrDefault();
    }

    public void Dispose() => _archive.Dispose();
}
