namespace OrleansRooms.SocketIO.Namespaces;

/// <summary>A namespace or a parent of this server, rather than a test's idea of one.</summary>
internal interface IPipelineOwner
{
    /// <summary>What clients pass on their way in.</summary>
    ConnectionPipeline Pipeline { get; }
}
