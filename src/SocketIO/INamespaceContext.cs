namespace OrleansRooms.SocketIO;

/// <summary>
/// The namespace that a handler class was added for, to be injected wherever something has to be emitted to it (as <c>IHubContext</c> for a
/// hub).
/// </summary>
/// <typeparam name="THandler">The class, added with <c>AddNamespace&lt;THandler&gt;(name)</c> once.</typeparam>
/// <example>
/// <code>
/// public sealed class Prices(INamespaceContext&lt;ShopNamespace&gt; shop)
/// {
///     public ValueTask ChangeAsync(string article, decimal price) => shop.Namespace.To(article).EmitAsync("price", price);
/// }
/// </code>
/// </example>
public interface INamespaceContext<THandler>
    where THandler : SocketIONamespaceHandler
{
    /// <summary>The namespace.</summary>
    INamespace Namespace { get; }
}
