namespace OrleansRooms.SocketIO.Hosting;

/// <summary>A namespace that the application wants as soon as there is a server.</summary>
/// <param name="Server">The name of the server; <see langword="null"/> for the one without a name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Configure">Gives it its middlewares and listeners.</param>
/// <param name="Handler">The class that handles it, if there is one.</param>
internal sealed record NamespaceRegistration(string? Server, string Name, Action<INamespace> Configure, Type? Handler = null);
