import { RequestPlace, ResponsePlace } from '../../../protocol/http-settings';
import { Brand, mark } from '../../base/brand';
import { checkKind } from '../../base/check-options';
import { required, text } from '../../base/kinds';

const NAME = required(text('a name such as \'page\''));

/** A place in the requests to a source. */
export class RequestField {
  /** A query parameter. */
  public static query(name: string): RequestField {
    checkKind('RequestField.query', 'name', name, NAME);
    return new RequestField({ query: name });
  }

  /** A header. */
  public static header(name: string): RequestField {
    checkKind('RequestField.header', 'name', name, NAME);
    return new RequestField({ header: name });
  }

  /**
   * A place in the JSON body.
   *
   * @param pointer JSON Pointer (RFC 6901), such as `/page/offset`
   */
  public static body(pointer: string): RequestField {
    checkKind('RequestField.body', 'pointer', pointer, required(text('a JSON Pointer such as \'/page/offset\'')));
    return new RequestField({ body: pointer });
  }

  /**
   * A placeholder in the URL: `RequestField.path('page')` for `https://example.com/orders/{page}`.
   *
   * @param name the name between the braces
   */
  public static path(name: string): RequestField {
    checkKind('RequestField.path', 'name', name, NAME);
    return new RequestField({ path: name });
  }

  /** @internal */
  public readonly _place: RequestPlace;

  private constructor(place: RequestPlace) {
    this._place = place;
  }
}

mark(RequestField, Brand.REQUEST_FIELD);

/** A place in the responses of a source. */
export class ResponseField {
  /**
   * A place in the body.
   *
   * @param path JSONPath (RFC 9535), such as `$.meta.total`
   */
  public static body(path: string): ResponseField {
    checkKind('ResponseField.body', 'path', path, required(text('a JSONPath such as \'$.meta.total\'')));
    return new ResponseField({ body: path });
  }

  /** A header. */
  public static header(name: string): ResponseField {
    checkKind('ResponseField.header', 'name', name, required(text('a name such as \'X-Total-Count\'')));
    return new ResponseField({ header: name });
  }

  /** @internal */
  public readonly _place: ResponsePlace;

  private constructor(place: ResponsePlace) {
    this._place = place;
  }
}

mark(ResponseField, Brand.RESPONSE_FIELD);
