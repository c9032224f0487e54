namespace OrleansRooms.Contracts.Namespaces;

/// <summary>Names one namespace in one cluster key.</summary>
/// <param name="ClusterKey">Keeps applications apart that share one Orleans cluster.</param>
/// <param name="Namespace">The namespace with its leading slash.</param>
public readonly record struct NamespaceKey(string ClusterKey, string Namespace)
{
    /// <summary>The grain key.</summary>
    public string ToGrainKey() => GrainKey.Join(ClusterKey, Namespace);

    /// <summary>Reads a grain key back.</summary>
    /// <exception cref="FormatException">The key was not made by <see cref="ToGrainKey"/>.</exception>
    public static NamespaceKey Parse(string grainKey)
    {
        var parts = GrainKey.Split(grainKey, 2);
        return new NamespaceKey(parts[0], parts[1]);
    }
}
