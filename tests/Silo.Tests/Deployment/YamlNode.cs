using System.Collections;
using System.Globalization;
using OrleansRooms.TestKit;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace OrleansRooms.Silo.Tests.Deployment;

/// <summary>A part of a YAML file: a scalar, a list or a mapping. What is not there has no parts and no text.</summary>
internal sealed class YamlNode(object? value, string path)
{
    public bool Exists => value is not null;

    /// <summary>The text of a scalar.</summary>
    public string Text => value as string ?? throw new KeyNotFoundException($"{path} has no text.");

    /// <summary>The number that a scalar is.</summary>
    public int Number => int.Parse(Text, CultureInfo.InvariantCulture);

    /// <summary>The items of a list.</summary>
    public IEnumerable<YamlNode> Items =>
        value is IList list ? list.Cast<object?>().Select((item, index) => new YamlNode(item, $"{path}[{index}]")) : [];

    /// <summary>The entries of a mapping.</summary>
    public IEnumerable<(string Key, YamlNode Value)> Entries => Map is { } map
        ? map.Select(entry => ((string)entry.Key, new YamlNode(entry.Value, $"{path}.{entry.Key}"))) : [];

    private Dictionary<object, object?>? Map => value as Dictionary<object, object?>;

    /// <summary>The part under a key, or under keys joined by dots.</summary>
    public YamlNode this[string keys] => keys.Split('.').Aggregate(
        this, (node, key) => new YamlNode(node.Map?.GetValueOrDefault(key), $"{node}.{key}"));

    /// <summary>Reads all documents of a file. Keys that come twice are errors, anchors and merge keys are resolved.</summary>
    /// <param name="file">Relative to the root of the repository.</param>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static IReadOnlyList<YamlNode> Read(string file)
    {
        using var reader = File.OpenText(RepositoryRoot.Combine(file.Split('/')));
        var parser = new MergingParser(new Parser(reader));
        var deserializer = new DeserializerBuilder().WithDuplicateKeyChecking().Build();
        var documents = new List<YamlNode>();
        parser.Consume<StreamStart>();
        while (!parser.TryConsume<StreamEnd>(out _))
        {
            documents.Add(new YamlNode(deserializer.Deserialize<object>(parser), file));
        }

        return documents;
    }

    public override string ToString() => path;
}
